import type { Identify, Subject } from '../identity.ts';

/** Networks have no local effect, but their ids travel through RunTask. */
const withId =
  (
    prefix: string,
    attribute?: string,
    more: (subject: Subject, id: string) => Record<string, string> = () => ({}),
  ): Identify =>
  (subject) => {
    const id = `${prefix}-${subject.digits(17)}`;
    return { ref: id, attributes: { ...(attribute ? { [attribute]: id } : {}), ...more(subject, id) } };
  };

export const networkIdentities: Readonly<Record<string, Identify>> = {
  'AWS::EC2::VPC': withId('vpc', 'VpcId', (subject) => ({
    CidrBlock: subject.text('CidrBlock') ?? '',
    DefaultSecurityGroup: `sg-${subject.digits(16)}0`,
    DefaultNetworkAcl: `acl-${subject.digits(17)}`,
  })),
  'AWS::EC2::Subnet': withId('subnet', 'SubnetId', (subject) => ({
    VpcId: subject.text('VpcId') ?? '',
    CidrBlock: subject.text('CidrBlock') ?? '',
    AvailabilityZone: subject.text('AvailabilityZone') ?? '',
  })),
  'AWS::EC2::SecurityGroup': withId('sg', 'GroupId', (subject, id) => ({
    Id: id,
    VpcId: subject.text('VpcId') ?? '',
  })),
  'AWS::EC2::SecurityGroupIngress': withId('sgr', 'Id'),
  'AWS::EC2::SecurityGroupEgress': withId('sgr', 'Id'),
  'AWS::EC2::RouteTable': withId('rtb', 'RouteTableId'),
  'AWS::EC2::Route': withId('route'),
  'AWS::EC2::SubnetRouteTableAssociation': withId('rtbassoc', 'Id'),
  'AWS::EC2::InternetGateway': withId('igw', 'InternetGatewayId'),
  'AWS::EC2::VPCGatewayAttachment': withId('attachment'),
  'AWS::EC2::EgressOnlyInternetGateway': withId('eigw', 'Id'),
  'AWS::EC2::VPCCidrBlock': withId('vpc-cidr-assoc', 'Id'),
  'AWS::EC2::VPCEndpoint': withId('vpce', 'Id'),
  'AWS::EC2::NatGateway': withId('nat', 'NatGatewayId'),
  'AWS::EC2::EIP': withId('eipalloc', 'AllocationId'),
  'AWS::EC2::FlowLog': withId('fl', 'Id'),
};
