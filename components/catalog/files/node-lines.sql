-- What a node's kubelet, container runtime and kernel wrote since yesterday, oldest first; asks for the node's name.
SELECT
    "date" AS written,
    coalesce(systemd_unit, transport) AS written_by,
    message
FROM node_logs
WHERE
    day >= date_format(current_date - INTERVAL '1' DAY, '%Y/%m/%d')
    AND regexp_extract("$path", '([^/]+)/[^/]+$', 1) = ?
ORDER BY written
LIMIT 10000
