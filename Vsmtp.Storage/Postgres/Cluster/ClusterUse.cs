namespace Vsmtp.Storage.Postgres.Cluster;

/// <summary>What a connection to the cluster's tables is for.</summary>
public enum ClusterUse
{
    /// <summary>Which silos there are: silos, and gateways that look for them.</summary>
    Membership,

    /// <summary>States of grains, except those of mails.</summary>
    GrainStates,

    Reminders,
}
