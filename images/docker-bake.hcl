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

group "default" {
  targets = ["spark", "spark-history-server"]
}

target "_both" {
  context = "images/spark"
  platforms = ["linux/amd64", "linux/arm64"]
}

target "spark" {
  inherits = ["_both"]
  target = "spark"
  tags = ["${REGISTRY}/moka/spark:4.1.2-1"]
}

// The server reads what applications write, with the same Spark and the same jars.
target "spark-history-server" {
  inherits = ["_both"]
  target = "spark"
  tags = ["${REGISTRY}/moka/spark-history-server:4.1.2-1"]
}

// Where Celeborn takes the shuffles; docs/shuffle.md says where the checksum of its client comes from.
target "spark-celeborn" {
  inherits = ["_both"]
  target = "celeborn"
  args = { CELEBORN_SHA256 = CELEBORN_SHA256 }
  tags = ["${REGISTRY}/moka/spark:4.1.2-celeborn-1"]
}
