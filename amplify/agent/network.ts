import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/**
 * Where tasks run: two public subnets, nothing that costs while nobody talks. A task reaches out through its own
 * public address (a NAT gateway is 33 USD a month) and can't be reached: its security group has no ingress rule.
 *
 * Outward: TCP on the ports of the configuration. DNS through the VPC's resolver and the task's metadata are not
 * subject to security groups. The default security group keeps AWS's own rules: no interface is ever in it, and
 * emptying it takes a function at deploy time.
 */
export class Network extends Construct {
  readonly vpc: ec2.Vpc;
  readonly securityGroup: ec2.SecurityGroup;
  readonly subnetIds: readonly string[];

  constructor(scope: Construct, id: string, props: { egressPorts: 'all' | readonly number[] }) {
    super(scope, id);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      natGateways: 0,
      maxAzs: 2,
      subnetConfiguration: [
        { name: 'public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      ],
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: {
        // Free of charge; image layers and snapshots stay off the internet.
        S3: { service: ec2.GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    this.subnetIds = this.vpc.publicSubnets.map((subnet) => subnet.subnetId);
    const isOpen = props.egressPorts === 'all';
    this.securityGroup = new ec2.SecurityGroup(this, 'TaskGroup', {
      vpc: this.vpc,
      description: 'Agent tasks: outward only',
      allowAllOutbound: isOpen,
    });
    if (props.egressPorts !== 'all') {
      for (const port of props.egressPorts) {
        this.securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(port), `TCP ${port}`);
      }
    }
  }
}
