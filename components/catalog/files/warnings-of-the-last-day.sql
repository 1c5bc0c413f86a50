-- What Kubernetes warned of since yesterday, most objects first: reason, kind of object, namespace, an example.
-- An event can come twice, so it counts by its own identity.
SELECT
    reason,
    involvedobject.kind AS kind,
    involvedobject.namespace AS namespace,
    count(DISTINCT involvedobject.name) AS objects,
    count(DISTINCT metadata.uid || metadata.resourceversion) AS changes,
    max(message) AS example
FROM kubernetes_events
WHERE
    dt >= date_format(current_date - INTERVAL '1' DAY, '%Y-%m-%d')
    AND type = 'Warning'
GROUP BY reason, involvedobject.kind, involvedobject.namespace
ORDER BY objects DESC, changes DESC
LIMIT 100
