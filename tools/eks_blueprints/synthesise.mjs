// Synthesises a comparable cluster with cdk-eks-blueprints, and prints how many resources came of it, as JSON:
// network, control plane, node groups of both architectures, autoscaling of nodes, logs, metrics, storage and teams.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";

// What the packages write would stand between the lines.
const print = console.log;
console.log = console.warn = console.info = () => {};

const require = createRequire(import.meta.url);
const blueprints = require("@aws-quickstart/eks-blueprints");
const cdk = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const eks = require("aws-cdk-lib/aws-eks");

const teams = 2;
const directory = mkdtempSync(join(tmpdir(), "synthesis-"));
const app = new cdk.App({ outdir: directory, analyticsReporting: false });

const group = (id, type, capacity) => ({
  id,
  amiType: type.includes("g.") || type.includes("gd.") ? eks.NodegroupAmiType.AL2023_ARM_64_STANDARD : eks.NodegroupAmiType.AL2023_X86_64_STANDARD,
  instanceTypes: [new ec2.InstanceType(type)],
  nodeGroupCapacityType: capacity,
  desiredSize: 1, minSize: 1, maxSize: 20,
});

blueprints.EksBlueprint.builder()
  .account("123456789012").region("us-east-1")
  .version(eks.KubernetesVersion.V1_34)
  .resourceProvider(blueprints.GlobalResources.Vpc, new blueprints.VpcProvider(undefined, { primaryCidr: "10.0.0.0/16" }))
  .clusterProvider(new blueprints.GenericClusterProvider({
    version: eks.KubernetesVersion.V1_34,
    managedNodeGroups: [
      group("system", "m7i.xlarge", eks.CapacityType.ON_DEMAND),
      group("drivers-intel", "m7i.2xlarge", eks.CapacityType.ON_DEMAND),
      group("drivers-graviton", "m7g.2xlarge", eks.CapacityType.ON_DEMAND),
      group("executors-intel", "r6id.4xlarge", eks.CapacityType.SPOT),
      group("executors-graviton", "r6gd.4xlarge", eks.CapacityType.SPOT),
    ],
  }))
  .addOns(
    new blueprints.VpcCniAddOn(),
    new blueprints.CoreDnsAddOn(),
    new blueprints.KubeProxyAddOn(),
    new blueprints.EksPodIdentityAgentAddOn(),
    new blueprints.EbsCsiDriverAddOn(),
    new blueprints.AwsLoadBalancerControllerAddOn(),
    new blueprints.CertManagerAddOn(),
    new blueprints.MetricsServerAddOn(),
    new blueprints.KarpenterV1AddOn({ installCRDs: true }),
    new blueprints.AwsForFluentBitAddOn(),
    new blueprints.AdotCollectorAddOn(),
    new blueprints.AmpAddOn({ ampPrometheusEndpoint: "https://workspace.invalid/" }),
    new blueprints.KubeStateMetricsAddOn(),
    new blueprints.PrometheusNodeExporterAddOn(),
    new blueprints.ExternalsSecretsAddOn(),
  )
  .teams(...Array.from({ length: teams }, (_, number) => new blueprints.ApplicationTeam({
    name: `team-${number}`,
    namespace: `spark-team-${number}`,
    userRoleArn: `arn:aws:iam::123456789012:role/team-${number}`,
    serviceAccountName: `spark-${number}`,
    serviceAccountPolicies: [],
  })))
  .build(app, "moka");

app.synth();
const templates = readdirSync(directory).filter((name) => name.endsWith(".template.json"));
const resources = templates.flatMap((name) => Object.keys(JSON.parse(readFileSync(join(directory, name), "utf8")).Resources));
rmSync(directory, { recursive: true });
print(JSON.stringify({ resources: resources.length }));
