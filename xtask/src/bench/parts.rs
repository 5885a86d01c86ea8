//! What is measured: which script, with which programs, and what is shown of it.

/// A part of the bench: a section of the document.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// What is compared, in Markdown.
    pub(crate) about: &'static str,
    /// Columns: the name in the results, and the head.
    pub(crate) contenders: &'static [(&'static str, &'static str)],
    pub(crate) charts: &'static [Chart],
    pub(crate) scripts: &'static [Script],
    /// Programs of the workspace that the scripts need.
    pub(crate) binaries: &'static [&'static str],
    pub(crate) examples: &'static [&'static str],
}

/// A picture: `docs/benchmarks/<file>.svg`.
pub(crate) struct Chart {
    pub(crate) file: &'static str,
    pub(crate) title: &'static str,
    /// Of figures, in this order.
    pub(crate) keys: &'static [&'static str],
}

/// A program in `bench/` that writes JSON. In arguments `{binaries}` is the folder of programs, `{shipped}` the handler of
/// profiles as it is shipped.
pub(crate) struct Script {
    pub(crate) path: &'static str,
    pub(crate) always: &'static [&'static str],
    pub(crate) full: &'static [&'static str],
    pub(crate) quick: &'static [&'static str],
}

const OURS: &[(&str, &str)] = &[("ours", "measured")];

pub(crate) const ALL: &[Part] =
    &[HANDLERS, HOST, STORAGE, PICTURES, LEGACY, ACCOUNTS, CREDIT, SALES, EVENTS];

const HANDLERS: Part = Part {
    name: "handlers",
    title: "A handler beside the same in Node and Python",
    about: "`profiles` beside [Node](../bench/peers/node/handler.mjs) (fastify) and [Python](../bench/peers/python/handler.py) \
            (FastAPI, uvicorn): custom handlers that do the same work for `GET /v1/health/live` and `GET /v1/profiles/{id}`, \
            reading from the same local Cosmos DB with Azure's own SDK for their language. Before anything is measured they \
            must give the same answers. There is no Go: its module proxy is not to be had where this is measured, and \
            Azure's SDK for Go asks for a newer Go than Debian has.",
    contenders: &[
        ("ours", "ours"),
        ("ours-telemetry", "ours, with telemetry"),
        ("node", "Node"),
        ("python", "Python"),
        ("cosmos", "Cosmos DB alone"),
    ],
    charts: &[
        Chart {
            file: "first-answers",
            title: "From exec to the first answer",
            keys: &[
                "first-health-p50",
                "first-health-p95",
                "first-profile-p50",
                "first-profile-p95",
            ],
        },
        Chart {
            file: "load",
            title: "GET profile, as fast as it is answered",
            keys: &["get-a-second", "get-p99", "cpu-per-get", "health-per-core"],
        },
        Chart {
            file: "rates",
            title: "GET profile at fixed rates, p99",
            keys: &["open-200-p99", "open-500-p99", "open-1000-p99", "open-2000-p99"],
        },
        Chart {
            file: "size",
            title: "Memory, package, dollars",
            keys: &["memory-idle", "memory-loaded", "package", "dollars"],
        },
    ],
    scripts: &[Script {
        path: "bench/handlers/measure.py",
        always: &[
            "--iommi",
            "{binaries}/iommi",
            "--handler",
            "{shipped}",
            "--load",
            "{binaries}/bench-load",
        ],
        full: &[],
        quick: &["--quick"],
    }],
    binaries: &["iommi", "bench-load"],
    examples: &[],
};

const HOST: Part = Part {
    name: "host",
    title: "What the local host adds",
    about: "The same request straight to the handler and through the local host, in turn; then many connections through the \
            host ([how](../bench/host/README.md)). There is no peer: Azure Functions Core Tools are installed by npm from \
            elsewhere, and elsewhere is not to be had where this is measured.",
    contenders: OURS,
    charts: &[],
    scripts: &[Script {
        path: "bench/host/measure.py",
        always: &["--iommi", "{binaries}/iommi", "--handler", "{shipped}"],
        full: &["--requests", "10000", "--connections", "200", "--seconds", "30"],
        quick: &["--requests", "2000", "--connections", "50", "--seconds", "8"],
    }],
    binaries: &["iommi"],
    examples: &[],
};

const STORAGE: Part = Part {
    name: "storage",
    title: "Blob and Queue beside Azurite",
    about: "The same thousands of operations of Azure's SDKs for JavaScript against the local data services and against \
            Azurite, in turn ([how](../bench/README.md)). Both keep everything in memory.",
    contenders: &[("ours", "ours"), ("azurite", "Azurite")],
    charts: &[],
    scripts: &[Script {
        path: "bench/storage/measure.py",
        always: &["--iommi", "{binaries}/iommi"],
        full: &["--rounds", "3"],
        quick: &["--rounds", "1"],
    }],
    binaries: &["iommi"],
    examples: &[],
};

const PICTURES: Part = Part {
    name: "pictures",
    title: "Pictures beside sharp",
    about: "The same 12-megapixel photo through `crates/picture` and through Node's sharp (libvips), each on one core, in \
            turn ([how](../bench/pictures/README.md)).",
    contenders: &[("ours", "ours"), ("sharp", "sharp")],
    charts: &[],
    scripts: &[Script {
        path: "bench/pictures/measure.py",
        always: &["--program", "{binaries}/examples/inspect"],
        full: &["--pictures", "10", "--rounds", "3"],
        quick: &["--pictures", "4", "--rounds", "2"],
    }],
    binaries: &[],
    examples: &["inspect"],
};

const LEGACY: Part = Part {
    name: "legacy",
    title: "Changes on their way to the mainframe",
    about: "How soon a change is a message and how many are in a second, then how soon a slow mainframe has the newest of few \
            profiles that change often ([how](../bench/legacy/README.md)).",
    contenders: OURS,
    charts: &[],
    scripts: &[
        Script {
            path: "bench/legacy/measure.py",
            always: &["--iommi", "{binaries}/iommi", "--handler", "{binaries}/legacy"],
            full: &["--changes", "20000", "--singles", "40"],
            quick: &["--changes", "4000", "--singles", "15"],
        },
        Script {
            path: "bench/legacy/catch_up.py",
            always: &[
                "--iommi",
                "{binaries}/iommi",
                "--handler",
                "{binaries}/legacy",
                "--mainframe",
                "{binaries}/mainframe",
            ],
            full: &["--seconds", "60"],
            quick: &["--seconds", "15"],
        },
    ],
    binaries: &["iommi", "legacy", "mainframe"],
    examples: &[],
};

const ACCOUNTS: Part = Part {
    name: "accounts",
    title: "Authorisations of cards",
    about: "200 authorisations a second at the moments at which they are due, one hot account, overviews \
            ([how](../bench/accounts/README.md)); in a short form, with few accounts.",
    contenders: OURS,
    charts: &[],
    scripts: &[Script {
        path: "bench/accounts/measure.py",
        always: &[
            "--iommi",
            "{binaries}/iommi",
            "--handler",
            "{binaries}/accounts",
            "--accounts",
            "100",
        ],
        full: &["--rounds", "3", "--seconds", "3"],
        quick: &["--rounds", "2", "--seconds", "2"],
    }],
    binaries: &["iommi", "accounts"],
    examples: &[],
};

const CREDIT: Part = Part {
    name: "credit",
    title: "Assessments of credit",
    about: "Assessments whose bank takes its time, and webhooks on an idle platform ([how](../bench/credit/README.md)); in a \
            short form, at a fifth or two of the rate that is asked for there.",
    contenders: OURS,
    charts: &[],
    scripts: &[Script {
        path: "bench/credit/measure.py",
        always: &["--binaries", "{binaries}"],
        full: &["--rate", "40", "--seconds", "40", "--webhooks", "40"],
        quick: &["--rate", "20", "--seconds", "15", "--webhooks", "15"],
    }],
    binaries: &["iommi", "credit", "scoring", "bank", "partner"],
    examples: &[],
};

const SALES: Part = Part {
    name: "sales",
    title: "Orders",
    about: "Orders that are accepted, a backlog from the first order to the last mail, single orders, a picture of an invoice \
            ([how](../bench/sales/README.md)); in a short form.",
    contenders: OURS,
    charts: &[],
    scripts: &[Script {
        path: "bench/sales/measure.py",
        always: &["--binaries", "{binaries}"],
        full: &["--rate", "150", "--seconds", "10", "--backlog", "2000", "--idle", "20"],
        quick: &["--rate", "50", "--seconds", "5", "--backlog", "400", "--idle", "6"],
    }],
    binaries: &["iommi", "sales", "profiles", "vendor", "email"],
    examples: &["invoice-pictures"],
};

const EVENTS: Part = Part {
    name: "events",
    title: "Event hubs on a laptop",
    about: "Events that one hub of four partitions takes, in batches and one at a time, kept on disk \
            ([how](../bench/events/README.md)); in a short form.",
    contenders: OURS,
    charts: &[],
    scripts: &[Script {
        path: "bench/events/measure.py",
        always: &["--binaries", "{binaries}"],
        full: &["--rounds", "3"],
        quick: &["--rounds", "2", "--events", "10000"],
    }],
    binaries: &["local-data"],
    examples: &[],
};
