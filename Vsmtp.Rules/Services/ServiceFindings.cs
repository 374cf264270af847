namespace Vsmtp.Rules.Services;

/// <summary>What is wrong with one declaration, and what is doubtful.</summary>
internal sealed class ServiceFindings
{
    public List<string> Faults { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>The declaration may hold a password, so its source is not shown beside a finding.</summary>
    public bool HidesSource { get; set; }

    public void RefusePassword(string owner)
    {
        HidesSource = true;
        Faults.Add($"{owner}: a password does not belong in rules, which are kept in the store and shown beside errors; use `password_file` or `password_env`");
    }
}
