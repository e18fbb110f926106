/** A way to send one kind of data here, ready to paste. */
export interface Snippet {
  readonly id: string;
  readonly title: string;
  /** What to do with the text below it. */
  readonly how: string;
  readonly text: string;
}

/** Set-up for the reader's own address. @param origin `https://chokepoint.example.net`, as the browser sees it */
export function snippets(origin: string): Snippet[] {
  return [
    {
      id: 'prometheus',
      title: 'Metrics from Prometheus',
      how: 'Add to prometheus.yml, then reload Prometheus. Agents that speak remote_write (Grafana Alloy, vmagent, the OpenTelemetry Collector) take the same address. Without a Prometheus, Chokepoint scrapes by itself: see the page Targets.',
      text: `remote_write:\n  - url: ${origin}/api/v1/write`,
    },
    {
      id: 'traces',
      title: 'Traces and metrics from OpenTelemetry',
      how: 'Set in the environment of each service and restart it. Spans may come as protobuf or JSON.',
      text: [
        'OTEL_SERVICE_NAME=my-service',
        `OTEL_EXPORTER_OTLP_ENDPOINT=${origin}`,
        'OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
        'OTEL_TRACES_EXPORTER=otlp',
        'OTEL_METRICS_EXPORTER=otlp',
      ].join('\n'),
    },
    {
      id: 'postgresql',
      title: 'Slow queries from PostgreSQL',
      how: 'Let PostgreSQL log what takes longer than 100 ms, then send its log. Literals in statements are masked before they are stored.',
      text: [
        `psql -c "ALTER SYSTEM SET log_min_duration_statement = '100ms'" \\`,
        `     -c "ALTER SYSTEM SET log_lock_waits = on" \\`,
        '     -c "SELECT pg_reload_conf()"',
        '',
        'curl --data-binary @/var/log/postgresql/postgresql.log \\',
        `  '${origin}/api/v1/slowlog?format=postgres&service=my-service&database=my-database'`,
      ].join('\n'),
    },
    {
      id: 'mysql',
      title: 'Slow queries from MySQL or MariaDB',
      how: 'Switch the slow log on, then send it.',
      text: [
        'mysql -e "SET GLOBAL slow_query_log = ON; SET GLOBAL long_query_time = 0.1"',
        '',
        'curl --data-binary @/var/log/mysql/mysql-slow.log \\',
        `  '${origin}/api/v1/slowlog?format=mysql&service=my-service&database=my-database'`,
      ].join('\n'),
    },
    {
      id: 'changes',
      title: 'Deploys and other changes',
      how: 'Call at the end of each deploy. Changes stand as markers on every chart and are suspects when something slows down.',
      text: [
        `curl -X POST '${origin}/api/v1/events' -H 'content-type: application/json' \\`,
        `  -d '{"kind": "deploy", "service": "my-service", "version": "1.2.3", "title": "Deploy 1.2.3"}'`,
      ].join('\n'),
    },
  ];
}

/** A configuration to begin with. @param origin where the reader reaches this server */
export function scrapeConfigSnippet(origin: string): string {
  const { host, protocol } = new URL(origin);
  return [
    'global:',
    '  scrape_interval: 15s',
    '',
    'scrape_configs:',
    '  - job_name: my-service',
    '    static_configs:',
    "      - targets: ['127.0.0.1:9464']",
    '  - job_name: chokepoint # itself',
    ...(protocol === 'https:' ? ['    scheme: https'] : []),
    '    static_configs:',
    `      - targets: ['${host}']`,
  ].join('\n');
}
