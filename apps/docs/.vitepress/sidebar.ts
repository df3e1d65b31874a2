import type { DefaultTheme } from "vitepress"

/** The pages in the order in which one needs them. */
export const sidebar: DefaultTheme.SidebarItem[] = [
  { text: "Start", items: [{ text: "singlesink", link: "/" }] },
  {
    text: "Hosts",
    items: [
      { text: "Node", link: "/packages/core/" },
      { text: "Jitsu, by a function", link: "/packages/jitsu/" },
      { text: "Jitsu, by its webhook", link: "/hosts/jitsu-webhook" },
      { text: "Segment Actions", link: "/packages/segment/" },
      { text: "Segment, by its webhooks", link: "/hosts/segment-webhook" },
      { text: "RudderStack", link: "/hosts/rudderstack" },
      { text: "SDKs", link: "/hosts/sdk" },
      { text: "Files and the command line", link: "/packages/cli/" },
    ],
  },
  {
    text: "Concepts",
    items: [
      { text: "Delivery guarantees", link: "/delivery" },
      { text: "Monitoring", link: "/observing" },
      { text: "Security", link: "/SECURITY" },
      { text: "Architecture", link: "/ARCHITECTURE" },
    ],
  },
  {
    text: "Operating",
    items: [
      { text: "Error codes", link: "/operating" },
      { text: "SQL for audiences", link: "/audiences" },
    ],
  },
  {
    text: "Packages",
    items: [
      { text: "The receiver", link: "/packages/receiver/" },
      { text: "The Data API client", link: "/packages/data-api/" },
      { text: "The emulator", link: "/packages/emulator/" },
      { text: "Install sizes", link: "/sizes" },
      { text: "API reference", link: "/api/" },
    ],
  },
  {
    text: "Examples",
    collapsed: true,
    items: ["node", "streaming", "contract", "opentelemetry", "segment", "jitsu", "receiver"].map(name => ({
      text: name,
      link: `/examples/${name}/`,
    })),
  },
  {
    text: "Project",
    items: [
      { text: "Performance", link: "/bench/" },
      { text: "Decisions", link: "/decisions/" },
      { text: "What the emulator chooses", link: "/emulator-choices" },
      { text: "Pull requests to Jitsu and Segment", link: "/upstream/" },
      { text: "Contributing", link: "/CONTRIBUTING" },
    ],
  },
]
