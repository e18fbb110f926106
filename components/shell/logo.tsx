/** Two funnels meeting: the narrow place everything has to pass. */
export function Logo() {
  return (
    <svg aria-hidden viewBox="0 0 20 20" className="size-5 shrink-0 text-accent">
      <path
        d="M2 3.5 8 8.6v2.8L2 16.5M18 3.5l-6 5.1v2.8l6 5.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
