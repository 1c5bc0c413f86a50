"""SNS topics and SQS queues."""

from offline.providers.aws.row import AwsType, arn, call

TYPES: dict[str, AwsType] = {
    "aws:sns/topic:Topic": AwsType(
        cloudformation="AWS::SNS::Topic",
        calls=(call("sns", "CreateTopic"),),
        identifier="{arn}",
        arn=arn("sns", "{name}"),
        name="name",
        name_limit=256,
        outputs={"owner": "{account}"},
        renamed={"name": "TopicName"},
    ),
    "aws:sns/topicPolicy:TopicPolicy": AwsType(
        cloudformation="AWS::SNS::TopicPolicy",
        identifier="{arn}",
        outputs={"owner": "{account}"},
        renamed={"policy": "PolicyDocument", "arn": "Topics"},
        replaces=frozenset({"arn"}),
    ),
    "aws:sns/topicSubscription:TopicSubscription": AwsType(
        cloudformation="AWS::SNS::Subscription",
        calls=(call("sns", "Subscribe", {"topic": "TopicArn"}),),
        provider_only=frozenset({"endpointAutoConfirms", "confirmationTimeoutInMinutes"}),
        identifier="{arn}",
        arn="{topic}:{uuid}",
        outputs={"ownerId": "{account}", "pendingConfirmation": False, "confirmationWasAuthenticated": True},
        renamed={"topic": "TopicArn"},
    ),
    "aws:sqs/queue:Queue": AwsType(
        cloudformation="AWS::SQS::Queue",
        calls=(call("sqs", "CreateQueue", {"name": "QueueName"}),),
        identifier="https://sqs.{region}.{suffix}/{account}/{name}",
        arn=arn("sqs", "{name}"),
        name="name",
        name_limit=80,
        outputs={"url": "{id}"},
        renamed={
            "name": "QueueName",
            "maxMessageSize": "MaximumMessageSize",
            "messageRetentionSeconds": "MessageRetentionPeriod",
            "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
            "visibilityTimeoutSeconds": "VisibilityTimeout",
        },
    ),
    "aws:sqs/queuePolicy:QueuePolicy": AwsType(
        cloudformation="AWS::SQS::QueuePolicy",
        identifier="{queueUrl}",
        renamed={"policy": "PolicyDocument", "queueUrl": "Queues"},
        replaces=frozenset({"queueUrl"}),
    ),
}
