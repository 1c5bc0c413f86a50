-- The 50 applications of the last 7 days that used most core hours, with their queue, user, end and wait.
-- Amounts are millicores and bytes, each times seconds. A summary can be shipped twice, so it counts once.
WITH summaries AS (
    SELECT DISTINCT application_id, queue, "user", state, submission_ms, start_ms, finish_ms, resource_usage
    FROM yunikorn_usage
    WHERE dt >= date_format(current_date - INTERVAL '7' DAY, '%Y-%m-%d')
),
amounts AS (
    SELECT
        application_id,
        queue,
        "user",
        state,
        submission_ms,
        start_ms,
        finish_ms,
        regexp_extract(part, ':(\w+)=', 1) AS resource,
        CAST(regexp_extract(part, '=(-?\d+)$', 1) AS double) AS amount
    FROM summaries
    CROSS JOIN UNNEST(split(resource_usage, ',')) AS parts (part)
)
SELECT
    application_id,
    queue,
    "user",
    state,
    round((start_ms - submission_ms) / 60000.0, 1) AS waited_minutes,
    round((finish_ms - start_ms) / 60000.0, 1) AS ran_minutes,
    round(sum(CASE WHEN resource = 'vcore' THEN amount ELSE 0 END) / 1000 / 3600, 2) AS core_hours,
    round(sum(CASE WHEN resource = 'memory' THEN amount ELSE 0 END) / 1073741824 / 3600, 2) AS memory_gib_hours
FROM amounts
GROUP BY application_id, queue, "user", state, submission_ms, start_ms, finish_ms
ORDER BY core_hours DESC
LIMIT 50
