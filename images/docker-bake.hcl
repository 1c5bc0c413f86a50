// The project's own images, for Intel and Graviton. Their tags stand in components/images/table.py too, and a test holds
// the two together. REGISTRY is the host of an environment's registry, <account>.dkr.ecr.<region>.amazonaws.com.
variable "REGISTRY" {
  validation {
    condition = REGISTRY != ""
    error_message = "REGISTRY must be the host of the environment's registry."
  }
}

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
  tags = ["${REGISTRY}/moka/spark:4.1.2-1"]
}

// The same Spark and the same jars, without Python.
target "spark-history-server" {
  inherits = ["_both"]
  target = "history-server"
  tags = ["${REGISTRY}/moka/spark-history-server:4.1.2-1"]
}

// Where Celeborn takes the shuffles; docs/shuffle.md says where the checksum of its client comes from.
target "spark-celeborn" {
  inherits = ["_both"]
  target = "celeborn"
  args = { CELEBORN_SHA256 = CELEBORN_SHA256 }
  tags = ["${REGISTRY}/moka/spark:4.1.2-celeborn-1"]
}
