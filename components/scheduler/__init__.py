"""YuniKorn as the scheduler of team namespaces: queues, scheduler, admission controller."""
