-- Resource use per queue and day over the last 30 days: applications, core hours, GiB hours of memory.
-- YuniKorn counts an application on the day that it ends. It sums millicores and bytes, each times seconds. A summary
-- can be shipped twice, so it counts once.
WITH summaries AS (
    SELECT DISTINCT dt, queue, application_id, finish_ms, resource_usage
    FROM yunikorn_usage
    WHERE dt >= date_format(current_date - INTERVAL '30' DAY, '%Y-%m-%d')
),
amounts AS (
    SELECT
        dt,
        queue,
        application_id,
        regexp_extract(part, ':(\w+)=', 1) AS resource,
        CAST(regexp_extract(part, '=(-?\d+)$', 1) AS double) AS amount
    FROM summaries
    CROSS JOIN UNNEST(split(resource_usage, ',')) AS parts (part)
)
SELECT
    queue,
    dt AS day,
    count(DISTINCT application_id) AS applications,
    round(sum(CASE WHEN resource = 'vcore' THEN amount ELSE 0 END) / 1000 / 3600, 2) AS core_hours,
    round(sum(CASE WHEN resource = 'memory' THEN amount ELSE 0 END) / 1073741824 / 3600, 2) AS memory_gib_hours
FROM amounts
GROUP BY queue, dt
ORDER BY day DESC, core_hours DESC
