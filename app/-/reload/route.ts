import { route } from '#app/handle-route.ts';
import { Fault } from '#lib/model/fault.ts';

/** Reads the configuration file again, as Prometheus does here. A bad one changes nothing. */
export const POST = route({ name: 'reload' }, async ({ runtime }) => {
  if (runtime.reloadConfig === undefined)
    throw new Fault(
      400,
      'no-config',
      'there is no configuration file to read again: start with CHOKEPOINT_CONFIG set',
    );
  try {
    await runtime.reloadConfig();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Fault(500, 'bad-config', `the configuration before stays in force; ${why}`);
  }
  return new Response(null, { status: 200 });
});
export const PUT = POST;
