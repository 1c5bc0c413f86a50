-- All lines of one Spark application, driver and executors, in order of time; asks for its namespace and its id.
-- A line without a time, such as one of a stack trace, sorts where its object starts, and one that claims a wrong time
-- where it claims to be: python -m moka_logs prints both in their place.
WITH lines AS (
    SELECT
        regexp_extract("$path", '([^/]+)/[^/]+$', 1) AS pod,
        role,
        regexp_extract("$path", '\d{8}T\d{6}-([^/]+)-[^/]+$', 1) AS container,
        coalesce(try(json_extract_scalar(line, '$.timestamp')), try(json_extract_scalar(line, '$.ts'))) AS json_time,
        regexp_extract(line, '^\d{2}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}') AS text_time,
        regexp_extract("$path", '(\d{8}T\d{6})-[^/]+$', 1) AS object_time,
        line
    FROM spark_logs
    WHERE namespace = ? AND application_id = ?
),
timed AS (
    SELECT
        pod,
        role,
        container,
        coalesce(
            json_time,
            '20' || replace(substr(text_time, 1, 8), '/', '-') || 'T' || substr(text_time, 10)
        ) AS line_time,
        substr(object_time, 1, 4) || '-' || substr(object_time, 5, 2) || '-' || substr(object_time, 7, 5) || ':'
            || substr(object_time, 12, 2) || ':' || substr(object_time, 14, 2) AS object_time,
        line
    FROM lines
)
SELECT pod, role, container, line_time, line
FROM timed
ORDER BY coalesce(line_time, object_time), pod, container
