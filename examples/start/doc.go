// Command start is the service that docs/start.md builds: people and their notes, over HTTP.
package main
