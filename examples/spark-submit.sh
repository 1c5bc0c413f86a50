#!/usr/bin/env bash
# Submits an example with spark-submit instead of the Spark Operator, with any of the variants after its name:
#   examples/spark-submit.sh word-count
#   examples/spark-submit.sh store-sales on-graviton driver-on-demand without-celeborn in-a-gang
# It needs SPARK_HOME of a Spark 4.1, SPARK_CONF_DIR with the team's defaults (docs/spark.md, "Submitting with
# spark-submit"), and a kubectl that is logged in. What stands in the files *.yaml stands here as --conf.
set -euo pipefail

: "${SPARK_HOME:?name the directory of a Spark 4.1}" "${SPARK_CONF_DIR:?name the directory of the team\'s defaults}"
place="${PLACE:-s3a://amzn-s3-demo-bucket-dev-analytics/examples}"
image="${IMAGE:-222222222222.dkr.ecr.us-east-1.amazonaws.com/moka/spark:4.1.2-1}"
server="$(kubectl config view --minify --output 'jsonpath={.clusters[0].cluster.server}')"

example="${1:?name word-count or store-sales}"
shift
case "$example" in
  word-count)
    sizes=(driver.cores=1 driver.memory=1g executor.instances=2 executor.cores=1 executor.memory=2g)
    program=("$place/word_count.py" "$place/words.txt" "$place/counts")
    driver='{"cpu": "1", "memory": "1433Mi"}' executor='{"cpu": "1", "memory": "2867Mi"}' executors=2
    ;;
  store-sales)
    sizes=(driver.cores=1 driver.memory=2g driver.memoryOverhead=1g executor.instances=4 executor.cores=2
      executor.memory=6g executor.memoryOverhead=2g dynamicAllocation.maxExecutors=8)
    program=("$place/store_sales.py" "$place/store-sales" "${ROWS:-100000000}")
    driver='{"cpu": "1", "memory": "3072Mi"}' executor='{"cpu": "2", "memory": "8192Mi"}' executors=4
    ;;
  *) echo "$example is neither word-count nor store-sales" >&2 && exit 2 ;;
esac

# The workload of a role's nodes, as the team's defaults have it.
workload() {
  awk -v key="spark.kubernetes.$1.node.selector.moka/workload" '$1 == key { print $2 }' "$SPARK_CONF_DIR/spark-defaults.conf"
}

# One task group of a gang: role, how many, what each asks for. Its places wait for the nodes that the pods will take.
group() {
  printf '{"name": "spark-%s", "minMember": %s, "minResource": %s, "nodeSelector": {"moka/workload": "%s"%s}, ' \
    "$1" "$2" "$3" "${nodes[$1]}" "${architecture:+, \"kubernetes.io/arch\": \"$architecture\"}"
  printf '"tolerations": [{"key": "moka/workload", "operator": "Equal", "value": "%s", "effect": "NoSchedule"}]}' "${nodes[$1]}"
}

declare -A nodes=([driver]="$(workload driver)" [executor]="$(workload executor)")
architecture="" gang="" settings=("kubernetes.container.image=$image" "${sizes[@]}")
for variant in "$@"; do
  case "$variant" in
    on-graviton) architecture=arm64 ;;
    on-intel) architecture=amd64 ;;
    driver-on-demand) nodes=([driver]=spark-driver [executor]=spark-executor) ;;
    without-celeborn)
      settings+=(shuffle.manager=sort dynamicAllocation.shuffleTracking.enabled=true
        shuffle.sort.io.plugin.class=org.apache.spark.shuffle.sort.io.LocalDiskShuffleDataIO)
      ;;
    in-a-gang) gang=yes ;;
    *) echo "$variant is none of on-graviton, on-intel, driver-on-demand, without-celeborn and in-a-gang" >&2 && exit 2 ;;
  esac
done
for role in driver executor; do
  settings+=("kubernetes.$role.node.selector.moka/workload=${nodes[$role]}")
  [[ -z "$architecture" ]] || settings+=("kubernetes.$role.node.selector.kubernetes.io/arch=$architecture")
  [[ -z "$gang" ]] || settings+=("kubernetes.$role.annotation.yunikorn.apache.org/task-group-name=spark-$role")
done
if [[ -n "$gang" ]]; then
  groups="[$(group driver 1 "$driver"), $(group executor "$executors" "$executor")]"
  settings+=("kubernetes.driver.annotation.yunikorn.apache.org/task-groups=$groups")
fi

options=()
for setting in "${settings[@]}"; do options+=(--conf "spark.$setting"); done
exec "$SPARK_HOME/bin/spark-submit" --master "k8s://$server" --deploy-mode cluster --name "$example" "${options[@]}" "${program[@]}"
