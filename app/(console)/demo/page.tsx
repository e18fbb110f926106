import { PageHeader } from '#components/ui/page-header.tsx';
import { FaultSwitches } from './fault-switches.tsx';

export const metadata = { title: 'Demo shop' };

export default function DemoPage() {
  return (
    <>
      <PageHeader
        title="Demo shop"
        description="A small shop of real services and a real database. Break one thing, and watch Chokepoint name it."
      />
      <FaultSwitches />
    </>
  );
}
