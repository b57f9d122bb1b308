// Filters of traffic control that a process left behind when it was killed: the kernel keeps what is no link.
import { withRouteSocket } from '../../native/netlink.js';
import { FilterParent, filters } from '../../native/traffic-control.js';
import { Program } from '../program/program.js';
import { requireInterface } from '../system/interfaces.js';

/** A filter of clsact, as `tc filter show` has it. */
export interface LeftFilter {
  readonly dev: string;
  readonly side: 'ingress' | 'egress';
  readonly priority: number;
  readonly handle: number;
  readonly progId: number;
}

/** Filters at an interface that run another copy of a program: one with its name and its instructions. @throws UsageError without the interface */
export function filtersLike(program: Program, dev: string): LeftFilter[] {
  const ifindex = requireInterface(dev);
  const found = withRouteSocket((socket) =>
    (['ingress', 'egress'] as const).flatMap((side) =>
      filters(socket, ifindex, FilterParent[side]).map(({ priority, handle, progId }) => ({ dev, side, priority, handle, progId })),
    ),
  );
  return found.filter((filter): filter is LeftFilter => filter.progId !== undefined && isCopy(program, filter.progId));
}

function isCopy({ id, info, name }: Program, other: number): boolean {
  if (other === id) return false;
  try {
    using program = Program.fromId(other);
    return program.info.tag === info.tag && program.name === name;
  } catch {
    // It has just gone.
    return false;
  }
}
