-- Lines of one node's kubelet and containerd since yesterday, oldest object first; asks for the node's name.
SELECT
    day,
    line
FROM node_logs
WHERE
    day >= date_format(current_date - INTERVAL '1' DAY, '%Y/%m/%d')
    AND regexp_extract("$path", '([^/]+)/[^/]+$', 1) = ?
ORDER BY "$path"
LIMIT 10000
