"""The dashboards for Grafana, as code: a tool of developers, which no running daemon imports.

`make dashboards` writes them to `config/grafana/dashboards`, from where sites take them.
"""
