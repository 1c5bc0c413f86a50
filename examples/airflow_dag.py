"""A DAG of Apache Airflow that runs the store sales every night, as the SparkApplication of store-sales.yaml.

Airflow renders the file as a template, gives the application a name of its own for each run, waits for its driver and
shows the driver's log. The connection logs in as one of the team's people, who need nothing but what the team's owners
may do. Keep the file beside the DAG.

Written for apache-airflow-providers-cncf-kubernetes 10 and Airflow 3; it was not run.
"""

from datetime import datetime

from airflow.providers.cncf.kubernetes.operators.spark_kubernetes import SparkKubernetesOperator
from airflow.sdk import DAG

with DAG("store_sales", schedule="0 2 * * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1):
    SparkKubernetesOperator(
        task_id="store_sales",
        # Without it, it is Kubernetes' own namespace "default".
        namespace="spark-analytics",
        application_file="store-sales.yaml",
        kubernetes_conn_id="moka_dev_analytics",
        # A node may have to start first.
        startup_timeout_seconds=900,
        # Airflow ends the application when the task is cleared or marked, and leaves it for timeToLiveSeconds else.
        delete_on_termination=False,
    )
