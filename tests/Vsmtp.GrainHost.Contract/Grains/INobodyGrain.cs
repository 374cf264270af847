using Orleans;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>No class implements it.</summary>
[Alias("test.nobody")]
public interface INobodyGrain : IGrainWithStringKey
{
    [Alias("hello")]
    Task Hello();
}
