// The project's own images, for Intel and Graviton. Their tags come from components/images/table.py:
//   python -m moka_images bake <stack> | docker buildx bake --file images/docker-bake.hcl --file - --push
variable "CELEBORN_SHA256" {
  default = ""
}

// The time that every file and the image itself gets: that of the base image in spark/Dockerfile, in seconds.
variable "SOURCE_DATE_EPOCH" {
  default = "1789689600"
}

group "default" {
  targets = ["spark", "spark-history-server"]
}

target "_both" {
  context = "images/spark"
  platforms = ["linux/amd64", "linux/arm64"]
  args = { SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH }
  // zstd unpacks several times as fast as gzip, and a node that starts waits for that; containerd and Amazon ECR take it.
  output = ["type=image,rewrite-timestamp=true,oci-mediatypes=true,compression=zstd,compression-level=3,force-compression=true"]
  attest = ["type=provenance,mode=max", "type=sbom"]
}

target "spark" {
  inherits = ["_both"]
  target = "spark"
}

// A later Spark, which reads several directories, without Python.
target "spark-history-server" {
  inherits = ["_both"]
  target = "history-server"
}

// Where Celeborn takes the shuffles; docs/shuffle.md says where the checksum of its client comes from.
target "spark-celeborn" {
  inherits = ["_both"]
  target = "celeborn"
  args = { CELEBORN_SHA256 = CELEBORN_SHA256 }
}
