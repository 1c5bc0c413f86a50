-- Lines of system pods since yesterday, oldest object first; asks for the start of the pod's name, such as coredns%.
SELECT
    regexp_extract("$path", '([^/]+)/[^/]+$', 1) AS pod,
    day,
    line
FROM system_logs
WHERE
    day >= date_format(current_date - INTERVAL '1' DAY, '%Y/%m/%d')
    AND regexp_extract("$path", '([^/]+)/[^/]+$', 1) LIKE ?
ORDER BY "$path"
LIMIT 10000
