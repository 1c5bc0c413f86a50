module moka/tools/pause

go 1.24
