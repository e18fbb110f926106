import { route } from '#app/handle-route.ts';
import { success } from '#lib/query/prometheus-api/answer.ts';

/** Alerts are not handed to an Alertmanager. */
export const GET = route({ name: 'alertmanagers', protocol: 'prometheus' }, async () =>
  success({ activeAlertmanagers: [], droppedAlertmanagers: [] }),
);
