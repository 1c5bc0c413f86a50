-- All lines of one Spark application, driver and executors, in order of time; asks for the application's id.
-- Lines of a stack trace carry no time of their own, so they sort to the end of their object: python -m moka_logs
-- prints them in place.
SELECT
    regexp_extract("$path", '([^/]+)/[^/]+$', 1) AS pod,
    role,
    coalesce(
        try(json_extract_scalar(line, '$.ts')),
        try(json_extract_scalar(line, '$.timestamp')),
        regexp_extract(line, '^\d{2}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}')
    ) AS line_time,
    line
FROM spark_logs
WHERE application_id = ?
ORDER BY regexp_extract("$path", '(\d{8}T\d{6})-[^/]+$', 1), line_time, pod
