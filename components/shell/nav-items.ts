import {
  BookOpen,
  Compass,
  Crosshair,
  Database,
  FlaskConical,
  Gauge,
  HardDrive,
  type LucideIcon,
  Network,
  PlugZap,
  SearchCheck,
  Waypoints,
} from 'lucide-react';

export interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Stands in the phone's bottom bar; the others are under "More". */
  readonly main: boolean;
}

const ITEMS: readonly NavItem[] = [
  { href: '/', label: 'Overview', icon: Gauge, main: true },
  { href: '/services', label: 'Services', icon: Network, main: true },
  { href: '/queries', label: 'Queries', icon: Database, main: false },
  { href: '/traces', label: 'Traces', icon: Waypoints, main: true },
  { href: '/findings', label: 'Findings', icon: SearchCheck, main: true },
  { href: '/explore', label: 'Explore', icon: Compass, main: false },
  { href: '/playbooks', label: 'Playbooks', icon: BookOpen, main: false },
  { href: '/connect', label: 'Connect', icon: PlugZap, main: false },
  { href: '/targets', label: 'Targets', icon: Crosshair, main: false },
  { href: '/storage', label: 'Storage', icon: HardDrive, main: false },
];
const DEMO: NavItem = { href: '/demo', label: 'Demo', icon: FlaskConical, main: false };

export function navItems(demo: boolean): readonly NavItem[] {
  return demo ? [...ITEMS, DEMO] : ITEMS;
}

export function isCurrent(item: NavItem, pathname: string): boolean {
  return item.href === '/'
    ? pathname === '/'
    : pathname === item.href || pathname.startsWith(`${item.href}/`);
}
