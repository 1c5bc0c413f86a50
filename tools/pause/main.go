// The first process of every pod: it holds the pod's namespaces, buries the dead, and ends when it is told to.
// Source: kubernetes/kubernetes, build/pause/linux/pause.c.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		for {
			process, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			if err != nil || process <= 0 {
				break
			}
		}
	}
}
