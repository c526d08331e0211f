/** A connection through a network interface that stays up until something cuts it. */
export interface Flow {
  networkInterfaceId: string;
  remote: string;
  /** Through a Network Load Balancer, NAT or transit gateway: tracked whatever the rules are. */
  alwaysTracked: boolean;
  tracked: boolean;
  alive: boolean;
}

/**
 * Security groups keep state: a tracked flow lives on whatever becomes of the rules, while a flow under rules that
 * allow all traffic both ways is not tracked and ends with those rules.
 * Source: EC2 user guide, "Amazon EC2 security group connection tracking".
 */
export class Flows {
  private readonly flows: Flow[] = [];

  /** Opens a flow, tracked unless the interface's groups allow all. */
  open(networkInterfaceId: string, remote: string, isOpen: boolean, alwaysTracked = false): Flow {
    const flow = { networkInterfaceId, remote, alwaysTracked, tracked: alwaysTracked || !isOpen, alive: true };
    this.flows.push(flow);
    return flow;
  }

  /** Ends the flows whose remote address a network ACL no longer lets through. */
  cut(isDenied: (remote: string) => boolean): void {
    for (const flow of this.flows) if (flow.alive && isDenied(flow.remote)) flow.alive = false;
  }

  /** The rules of an interface have changed. @param isOpen whether they allow all traffic both ways now */
  rulesChanged(networkInterfaceId: string, isOpen: boolean): void {
    for (const flow of this.flows) {
      if (flow.networkInterfaceId !== networkInterfaceId || !flow.alive || flow.alwaysTracked) continue;
      if (isOpen) flow.tracked = false;
      else if (!flow.tracked) flow.alive = false;
    }
  }
}
