import { route } from '#app/handle-route.ts';
import { features } from '#lib/query/prometheus-api/features.ts';

export const GET = route({ name: 'features', protocol: 'prometheus' }, async () => features());
