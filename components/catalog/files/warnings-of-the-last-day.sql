-- What Kubernetes warned of since yesterday, most frequent first: reason, kind of object, namespace, an example.
SELECT
    reason,
    involvedobject.kind AS kind,
    involvedobject.namespace AS namespace,
    count(*) AS events,
    count(DISTINCT involvedobject.name) AS objects,
    max(message) AS example
FROM kubernetes_events
WHERE
    dt >= date_format(current_date - INTERVAL '1' DAY, '%Y-%m-%d')
    AND type = 'Warning'
GROUP BY reason, involvedobject.kind, involvedobject.namespace
ORDER BY events DESC
LIMIT 100
