-- Kubernetes events of one pod over the last 7 days, oldest first; asks for the pod's name.
SELECT DISTINCT
    coalesce(lasttimestamp, eventtime, metadata.creationtimestamp) AS happened,
    type,
    reason,
    count AS times,
    message
FROM kubernetes_events
WHERE
    dt >= date_format(current_date - INTERVAL '7' DAY, '%Y-%m-%d')
    AND involvedobject.name = ?
ORDER BY happened
LIMIT 1000
