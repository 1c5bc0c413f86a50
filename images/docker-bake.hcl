// The project's own images, for Intel and Graviton. Their versions come from components/images/table.py:
//   python -m moka_images bake <stack> | docker buildx bake --file images/docker-bake.hcl --file - --push

// SHA-256 of Celeborn's client; docs/shuffle.md says where it comes from. Without it the image with the client is left out.
variable "CELEBORN_SHA256" {
  default = ""
}

// Lists what is in an image. BuildKit would take whatever its own tag `stable-1` names on the day.
variable "SBOM_GENERATOR" {
  default = "docker.io/docker/buildkit-syft-scanner:1.12.0@sha256:ae4f3b554449e7e25548e7d8ccc029d17357348e30c6e3df01b92bc93654d6a9"
}

// The time that every file and the image itself gets: that of the base image in spark/Dockerfile, in seconds.
variable "SOURCE_DATE_EPOCH" {
  default = "1789689600"
}

group "default" {
  targets = concat(["spark", "spark-history-server"], CELEBORN_SHA256 == "" ? [] : ["spark-celeborn"])
}

target "_both" {
  context = "images/spark"
  platforms = ["linux/amd64", "linux/arm64"]
  args = { SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH }
  // zstd unpacks several times as fast as gzip, and a node that starts waits for that; containerd and Amazon ECR take it.
  output = ["type=image,rewrite-timestamp=true,oci-mediatypes=true,compression=zstd,compression-level=3,force-compression=true"]
  // apt closes every file that it might have open before it starts a program, which takes an emulator minutes.
  ulimits = ["nofile=1024:1024"]
  attest = ["type=provenance,mode=max", "type=sbom,generator=${SBOM_GENERATOR}"]
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

// Where Celeborn takes the shuffles.
target "spark-celeborn" {
  inherits = ["_both"]
  target = "celeborn"
  args = { CELEBORN_SHA256 = CELEBORN_SHA256 }
}
