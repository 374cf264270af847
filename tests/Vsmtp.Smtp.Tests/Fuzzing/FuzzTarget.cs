namespace Vsmtp.Smtp.Tests.Fuzzing;

/// <summary>Something that must be right about whatever octets it is given.</summary>
/// <param name="Name">As <c>eng/fuzz</c> has it; the folder of its regressions too.</param>
/// <param name="Make">Octets; the same for the same state of the generator.</param>
/// <param name="FindAsync">Null, or what is wrong. An exception is a fault as well.</param>
public sealed record FuzzTarget(string Name, Func<Random, byte[]> Make, Func<byte[], Task<string?>> FindAsync)
{
    public FuzzTarget(string name, Func<Random, byte[]> make, Func<byte[], string?> find)
        : this(name, make, octets => Task.Run(() => find(octets)))
    {
    }
}
