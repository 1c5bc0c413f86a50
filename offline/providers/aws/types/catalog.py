"""Glue databases and tables, Athena workgroups and saved queries."""

from offline.providers.aws.row import AwsType, arn, call

# The provider takes the catalog of its own account; CloudFormation wants it named.
_OWN_CATALOG = {"name": {"CatalogId": {"Ref": "AWS::AccountId"}}}
_DATABASE = {
    "name": "DatabaseInput.Name",
    "createTableDefaultPermissions": "DatabaseInput.CreateTableDefaultPermissions",
}
_TABLE = {
    "name": "TableInput.Name",
    "storageDescriptor": "TableInput.StorageDescriptor",
    "storageDescriptor.serDeInfo": "SerdeInfo",
}
_WORKGROUP = {
    "configuration.enforceWorkgroupConfiguration": "EnforceWorkGroupConfiguration",
    "configuration.publishCloudwatchMetricsEnabled": "PublishCloudWatchMetricsEnabled",
    "configuration.resultConfiguration.encryptionConfiguration.kmsKeyArn": "KmsKey",
}

TYPES: dict[str, AwsType] = {
    "aws:glue/catalogDatabase:CatalogDatabase": AwsType(
        cloudformation="AWS::Glue::Database",
        calls=(call("glue", "CreateDatabase", _DATABASE, inside="DatabaseInput"),),
        identifier="{account}:{name}",
        arn=arn("glue", "database/{name}"),
        name="name",
        outputs={"catalogId": "{account}"},
        renamed=_DATABASE,
        inside="DatabaseInput",
        implied=_OWN_CATALOG,
        replaces=frozenset({"name", "catalogId"}),
        taggable=True,
    ),
    "aws:glue/catalogTable:CatalogTable": AwsType(
        cloudformation="AWS::Glue::Table",
        calls=(call("glue", "CreateTable", _TABLE, inside="TableInput"),),
        identifier="{account}:{databaseName}:{name}",
        arn=arn("glue", "table/{databaseName}/{name}"),
        name="name",
        outputs={"catalogId": "{account}"},
        renamed=_TABLE,
        inside="TableInput",
        implied=_OWN_CATALOG,
        replaces=frozenset({"name", "databaseName", "catalogId"}),
    ),
    "aws:athena/workgroup:Workgroup": AwsType(
        cloudformation="AWS::Athena::WorkGroup",
        calls=(call("athena", "CreateWorkGroup", _WORKGROUP),),
        identifier="{name}",
        arn=arn("athena", "workgroup/{name}"),
        name="name",
        name_limit=128,
        outputs={"state": "ENABLED"},
        renamed={"configuration": "WorkGroupConfiguration", **_WORKGROUP},
    ),
    "aws:athena/namedQuery:NamedQuery": AwsType(
        cloudformation="AWS::Athena::NamedQuery",
        calls=(call("athena", "CreateNamedQuery", {"query": "QueryString", "workgroup": "WorkGroup"}),),
        identifier="{uuid}",
        name="name",
        name_limit=128,
        renamed={"query": "QueryString", "workgroup": "WorkGroup"},
    ),
}
