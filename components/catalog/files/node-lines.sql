-- What a node's kubelet and container runtime wrote since yesterday, oldest first; asks for the node's name.
SELECT
    "date" AS written,
    systemd_unit,
    message
FROM node_logs
WHERE
    day >= date_format(current_date - INTERVAL '1' DAY, '%Y/%m/%d')
    AND regexp_extract("$path", '([^/]+)/[^/]+$', 1) = ?
ORDER BY written
LIMIT 10000
