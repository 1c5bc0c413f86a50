-- Why one Spark application lost executors, as its driver tells it: exit codes, memory, evictions; asks for its namespace and its id.
-- Exit code 137 is a killed container, most often for its memory; 143 one that was asked to stop.
SELECT
    regexp_extract("$path", '([^/]+)/[^/]+$', 1) AS driver,
    regexp_extract(line, 'exit(?:ed with exit)? code (\d+)', 1) AS exit_code,
    line
FROM spark_logs
WHERE
    namespace = ?
    AND application_id = ?
    AND role = 'driver'
    AND regexp_like(line, 'Lost executor|ExecutorLostFailure|exit(ed with exit)? code \d+|OOMKilled|Evicted')
ORDER BY regexp_extract("$path", '(\d{8}T\d{6})-[^/]+$', 1), line
LIMIT 1000
