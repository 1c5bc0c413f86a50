#!/bin/bash
# Starts what Spark's Kubernetes scheduler asks its image for: `driver` or `executor`; anything else runs as it is.
# Source: apache/spark, resource-managers/kubernetes/docker/src/main/dockerfiles/spark/entrypoint.sh.
set -o errexit

# Hadoop wants a name for its user, whatever number the pod gave it.
if ! getent passwd "$(id -u)" > /dev/null && [ -w /etc/passwd ]; then
  echo "spark-$(id -u):x:$(id -u):$(id -g)::${SPARK_HOME}:/bin/false" >> /etc/passwd
fi

classpath="${SPARK_CLASSPATH}:${SPARK_HOME}/jars/*${SPARK_EXTRA_CLASSPATH:+:${SPARK_EXTRA_CLASSPATH}}"
classpath="${HADOOP_CONF_DIR:+${HADOOP_CONF_DIR}:}${SPARK_CONF_DIR:-${SPARK_HOME}/conf}:${classpath#:}"

# One option a variable, numbered; an option may hold spaces.
options=()
while IFS= read -r -d '' variable; do
  options+=("${variable#*=}")
done < <(env --null | grep --null-data '^SPARK_JAVA_OPT_[0-9]*=' | sort --zero-terminated --field-separator=_ --key=4n)

case "${1:-}" in
  driver)
    shift
    exec /usr/bin/tini -s -- "${SPARK_HOME}/bin/spark-submit" \
      --conf "spark.driver.bindAddress=${SPARK_DRIVER_BIND_ADDRESS}" \
      --conf "spark.executorEnv.SPARK_DRIVER_POD_IP=${SPARK_DRIVER_BIND_ADDRESS}" \
      --deploy-mode client "$@"
    ;;
  executor)
    exec /usr/bin/tini -s -- java "${options[@]}" "-Xms${SPARK_EXECUTOR_MEMORY}" "-Xmx${SPARK_EXECUTOR_MEMORY}" \
      -cp "${classpath}" org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
      --driver-url "${SPARK_DRIVER_URL}" --executor-id "${SPARK_EXECUTOR_ID}" --cores "${SPARK_EXECUTOR_CORES}" \
      --app-id "${SPARK_APPLICATION_ID}" --hostname "${SPARK_EXECUTOR_POD_IP}" \
      --resourceProfileId "${SPARK_RESOURCE_PROFILE_ID}" --podName "${SPARK_EXECUTOR_POD_NAME}"
    ;;
  *)
    exec "$@"
    ;;
esac
