using System.Runtime.CompilerServices;

namespace Vsmtp.GrainHost.Contract;

/// <summary>A fact with an end: where grains are lost, tests wait for ever.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContractFactAttribute : FactAttribute
{
    public ContractFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = 60_000;
}
