-- Errors of one Spark application, the same ones counted together; asks for its namespace and its id.
WITH lines AS (
    SELECT
        role,
        regexp_extract("$path", '([^/]+)/[^/]+$', 1) AS pod,
        coalesce(
            try(json_extract_scalar(line, '$.level')),
            regexp_extract(line, '^\d{2}/\d{2}/\d{2} \d{2}:\d{2}:\d{2} ([A-Z]+)', 1)
        ) AS level,
        coalesce(
            try(json_extract_scalar(line, '$.msg')),
            try(json_extract_scalar(line, '$.message')),
            regexp_extract(line, '^\S+ \S+ [A-Z]+ (.*)$', 1)
        ) AS message
    FROM spark_logs
    WHERE namespace = ? AND application_id = ?
)
SELECT
    level,
    regexp_replace(substr(message, 1, 200), '\d+', '#') AS error,
    count(*) AS times,
    count(DISTINCT pod) AS pods,
    min(pod) AS first_pod,
    min(role) AS first_role
FROM lines
WHERE level IN ('ERROR', 'FATAL')
GROUP BY level, regexp_replace(substr(message, 1, 200), '\d+', '#')
ORDER BY times DESC
LIMIT 100
