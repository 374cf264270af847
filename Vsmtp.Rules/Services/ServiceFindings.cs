namespace Vsmtp.Rules.Services;

/// <summary>What is wrong with one declaration, and what is doubtful.</summary>
internal sealed class ServiceFindings
{
    public List<string> Faults { get; } = [];

    public List<string> Warnings { get; } = [];
}
