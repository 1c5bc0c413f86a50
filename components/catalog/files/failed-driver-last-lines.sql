-- The last 200 lines of each driver of one Spark application, newest first; asks for its namespace and its id.
-- A retried application has several drivers, and a driver may have sidecars: each container keeps its own 200.
WITH lines AS (
    SELECT
        regexp_extract("$path", '([^/]+)/[^/]+$', 1) AS pod,
        regexp_extract("$path", '\d{8}T\d{6}-([^/]+)-[^/]+$', 1) AS container,
        regexp_extract("$path", '(\d{8}T\d{6})-[^/]+$', 1) AS uploaded,
        coalesce(
            try(json_extract_scalar(line, '$.ts')),
            try(json_extract_scalar(line, '$.timestamp')),
            regexp_extract(line, '^\d{2}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}')
        ) AS line_time,
        line
    FROM spark_logs
    WHERE namespace = ? AND application_id = ? AND role = 'driver'
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY pod, container ORDER BY uploaded DESC, line_time DESC NULLS FIRST) AS from_the_end
    FROM lines
)
SELECT pod, container, line_time, line
FROM ranked
WHERE from_the_end <= 200
ORDER BY pod, container, from_the_end
