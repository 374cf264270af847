using Orleans;

namespace Vsmtp.GrainHost.Contract.Grains;

/// <summary>Cannot be activated until the test has told "mended".</summary>
[Alias("test.fragile")]
public interface IFragileGrain : IGrainWithStringKey
{
    [Alias("hello")]
    Task<string> Hello();
}

public sealed class FragileGrain : Grain, IFragileGrain
{
    private readonly Witness _witness;

    public FragileGrain(Witness witness)
    {
        _witness = witness;
        if (witness.Count("breaks when made") > 0) throw new TestException("broken when made");
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _witness.Tell("activating");
        await _witness.Gate("go on").Task;
        if (_witness.Count("mended") == 0) throw new TestException("broken");
    }

    public Task<string> Hello() => Task.FromResult("hello");
}
