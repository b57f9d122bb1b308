// Asks the kernel to attach a program: the one switch over the ways of asking.
import { fstatSync } from 'node:fs';
import { linkCreate, objGetInfo, progAttach, progDetach, rawTracepointOpen } from '../../native/bpf.js';
import { isErrno } from '../../native/error.js';
import { Fd } from '../../native/fd.js';
import { setXdp, XdpFlag } from '../../native/interfaces.js';
import { withRouteSocket } from '../../native/netlink.js';
import { addProgramRoute, deleteRoute } from '../../native/routes.js';
import { descriptorOf, duplicate, setSocketOption } from '../../native/system.js';
import { addFilter, createClsact, deleteClsact, deleteFilter, FilterParent, hasFilters } from '../../native/traffic-control.js';
import { PROG_INFO } from '../../native/uapi.js';
import type { Request } from '../hook/hook.js';
import { AttachType } from '../kernel/enums.gen.js';
import { askPerfEvent, askProbe, UNKNOWN } from './ask-perf.js';
import { Held } from './attachment.js';
import { Link } from './link.js';

type Via<W extends Request['via']> = Extract<Request, { via: W }>;

/**
 * Attaches the program behind the descriptor `program`. Where the kernel gives no link, that descriptor has to stay open until the attachment is
 * detached. Throws the SyscallError of the call that was refused.
 */
export function ask(program: number, request: Request): Link | Held {
  switch (request.via) {
    case 'link_create':
      return askLink(program, request);
    case 'raw_tracepoint_open':
      return new Link(rawTracepointOpen(program, request.name, request.cookie));
    case 'perf_event':
      return askPerfEvent(program, request);
    case 'probe':
      return askProbe(program, request);
    case 'each':
      return askEach(program, request.requests);
    case 'prog_attach':
      return askProgAttach(program, request);
    case 'netlink_xdp':
      return askXdp(program, request);
    case 'netlink_tc':
      return askFilter(program, request);
    case 'netlink_route':
      return askRoute(program, request);
    case 'socket':
      return askSocket(program, request);
  }
}

function askEach(program: number, requests: readonly Request[]): Link | Held {
  if (requests.length === 1) return ask(program, requests[0]!);
  const held: (Link | Held)[] = [];
  const end = () => {
    for (const each of held.splice(0).reverse()) each[Symbol.dispose]();
  };
  try {
    for (const request of requests) held.push(ask(program, request));
  } catch (error) {
    end();
    throw error;
  }
  return new Held(`${held.length} attachments`, false, end);
}

function askLink(program: number, { attach, fields, otherwise }: Via<'link_create'>): Link | Held {
  try {
    return new Link(linkCreate({ ...fields, prog_fd: program, attach_type: attach && AttachType[attach] }));
  } catch (error) {
    if (otherwise && isErrno(error, ...UNKNOWN)) return ask(program, otherwise);
    throw error;
  }
}

function askProgAttach(program: number, { attach, fields }: Via<'prog_attach'>): Held {
  const target = { ...fields, attach_bpf_fd: program, attach_type: AttachType[attach] };
  progAttach(target);
  // What the target was opened as is closed soon; to detach, it is named again.
  const again = new Fd(duplicate(Number(fields.target_fd), 1));
  return new Held('attachment', true, () => progDetach({ ...target, target_fd: again.number, attach_flags: 0 }), again);
}

function askXdp(program: number, { ifindex, flags }: Via<'netlink_xdp'>): Held {
  setXdp(ifindex, program, flags);
  const mode = flags & (XdpFlag.SKB_MODE | XdpFlag.DRV_MODE | XdpFlag.HW_MODE);
  // Only while the program is still the one that is attached there.
  return new Held('netlink', true, () => setXdp(ifindex, -1, mode | XdpFlag.REPLACE, program));
}

function askFilter(program: number, { ifindex, egress, priority, handle }: Via<'netlink_tc'>): Held {
  const made = makeClsact(ifindex);
  const unmake = () => {
    if (made && !withRouteSocket((socket) => hasFilters(socket, ifindex))) deleteClsact(ifindex);
  };
  const place = { ifindex, parent: egress ? FilterParent.egress : FilterParent.ingress, priority, handle };
  try {
    const filter = addFilter(place, program, objGetInfo(program, PROG_INFO).name);
    return new Held('netlink', true, () => {
      deleteFilter({ ...place, priority: filter.priority, handle: filter.handle });
      unmake();
    });
  } catch (error) {
    unmake();
    throw error;
  }
}

function askSocket(program: number, { fd, option, undo, of }: Via<'socket'>): Held {
  setSocketOption(fd, option, program);
  if (!of) return new Held('socket option', true, () => setSocketOption(fd, undo, 0));
  const { ino } = fstatSync(fd, { bigint: true });
  return new Held('socket option', true, () => {
    try {
      using again = descriptorOf(of.pid, of.fd);
      if (fstatSync(again.number, { bigint: true }).ino === ino) setSocketOption(again.number, undo, 0);
    } catch (error) {
      // The process has ended, or closed it: the program went with the socket.
      if (!isErrno(error, 'ESRCH', 'EINVAL', 'EBADF')) throw error;
    }
  });
}

function askRoute(program: number, { side, route }: Via<'netlink_route'>): Held {
  addProgramRoute(route, side, program, objGetInfo(program, PROG_INFO).name);
  return new Held('netlink', true, () => deleteRoute(route));
}

/** True when the qdisc was not there before. */
function makeClsact(ifindex: number): boolean {
  try {
    createClsact(ifindex);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}
