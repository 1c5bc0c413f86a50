-- Which pods of one Spark application wrote most: lines and MB a pod; asks for its namespace and its id.
SELECT
    role,
    regexp_extract("$path", '([^/]+)/[^/]+$', 1) AS pod,
    count(*) AS lines,
    round(sum(length(line)) / 1e6, 3) AS megabytes
FROM spark_logs
WHERE namespace = ? AND application_id = ?
GROUP BY role, regexp_extract("$path", '([^/]+)/[^/]+$', 1)
ORDER BY lines DESC
LIMIT 100
