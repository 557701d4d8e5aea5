"""What sayso asks of the machine: files, a cache, threads, TOML, templates of its own."""
