"""Images of the live Spark UI's proxies; both exist for both architectures.

Digests are left out because no registry that holds them could be asked when this was written.
"""

from components.workloads.image import Image

# renovate: datasource=docker depName=quay.io/oauth2-proxy/oauth2-proxy
OAUTH2_PROXY = Image("quay.io/oauth2-proxy/oauth2-proxy", "v7.15.6")

# The web server itself, by its own project, as a user without rights; not the Ingress controller of that name, which
# is retired.
# renovate: datasource=docker depName=public.ecr.aws/nginx/nginx-unprivileged
NGINX = Image("public.ecr.aws/nginx/nginx-unprivileged", "1.31.0")
