"""Images of the log pipeline."""

from components.workloads.image import Image

# 3.4 carries Fluent Bit 5.0, which reads EKS Pod Identity credentials; 2.x is Fluent Bit 1.9 and does not. The digest
# is left out because no registry that holds it could be asked when this was written.
# renovate: datasource=docker depName=public.ecr.aws/aws-observability/aws-for-fluent-bit
FLUENT_BIT = Image("public.ecr.aws/aws-observability/aws-for-fluent-bit", "3.4.16")

# Python and boto3 for both architectures, kept up by AWS. The tag is one that public Dockerfiles name; the digest is
# left out for the same reason.
# renovate: datasource=docker depName=public.ecr.aws/lambda/python
PYTHON = Image("public.ecr.aws/lambda/python", "3.13.2026.06.05.14")
