module moka/tools/charts

go 1.26.6

require (
	github.com/aws/karpenter-provider-aws v1.14.1
	github.com/kubeflow/spark-operator/v2 v2.5.0
)
