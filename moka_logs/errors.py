"""What is wrong when AWS refuses, in one sentence that ends in the fix."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from moka_logs.place import Place

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
_UNKNOWN_KEY = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken"}
_OTHER_REGION = {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"}
_REFUSED = {"AccessDenied", "403", "AllAccessDisabled", "KMS.DisabledException"}
_LOG_IN = "log in again (aws sso login), or set AWS_PROFILE to a profile of the account"


def explain(error: ClientError | BotoCoreError, place: Place) -> str:
    """One sentence on an error of AWS's client.

    Args:
        error: what it raised.
        place: where logs were looked for.
    """
    if isinstance(error, ClientError):
        return _refusal(error, place)
    if isinstance(error, SSOError | TokenRetrievalError | CredentialRetrievalError):
        return f"Your AWS session can't be used ({error}): {_LOG_IN}."
    if isinstance(error, NoCredentialsError | PartialCredentialsError | ProfileNotFound):
        return f"No AWS credentials were found ({error}): {_LOG_IN}."
    if isinstance(error, EndpointConnectionError):
        return f"Amazon S3 in {place.region} can't be reached ({error}): check the network, a proxy and --region."
    return f"Reading from bucket {place.bucket} failed ({error}): try again."


def _refusal(error: ClientError, place: Place) -> str:
    details = error.response.get("Error", {})
    code, message = str(details.get("Code")), str(details.get("Message"))
    what = f"{error.operation_name} in bucket {place.bucket}"
    if code in _REFUSED:
        return _not_allowed(what, message, place)
    sentences = {
        **dict.fromkeys(_EXPIRED, f"Your AWS session has expired ({code}): {_LOG_IN}."),
        **dict.fromkeys(_UNKNOWN_KEY, f"AWS does not accept your credentials ({code}): {_LOG_IN}."),
        **dict.fromkeys(
            _OTHER_REGION, f"Bucket {place.bucket} is not in {place.region} ({code}): name its Region with --region."
        ),
        "NoSuchBucket": f"Bucket {place.bucket} does not exist: check --stack and the account_id and region in its "
        "stack file, or name the bucket with --bucket.",
    }
    return sentences.get(code, f"Amazon S3 refused {what} ({code}: {message}): try again.")


def _not_allowed(what: str, message: str, place: Place) -> str:
    if "kms" in message.lower():
        return (
            f"You may read bucket {place.bucket} but not decrypt its objects ({message}): "
            "ask for kms:Decrypt on its key, or assume the log readers' role."
        )
    return (
        f"You may not {what} (AccessDenied): assume a log readers' role of its account (AWS_PROFILE), which has "
        "s3:ListBucket and s3:GetObject there and kms:Decrypt; a team's role reads what is its team's alone: "
        "name the team with --team."
    )
