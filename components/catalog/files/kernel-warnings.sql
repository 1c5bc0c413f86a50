-- What kernels warned of since yesterday, by node, oldest first: memory that ran out, disks that failed, links that broke.
-- Priority goes from 0, an emergency, over 4, a warning, to 7.
SELECT
    "date" AS written,
    regexp_extract("$path", '([^/]+)/[^/]+$', 1) AS node,
    priority,
    message
FROM node_logs
WHERE
    day >= date_format(current_date - INTERVAL '1' DAY, '%Y/%m/%d')
    AND transport = 'kernel'
    AND priority <= '4'
ORDER BY node, written
LIMIT 10000
