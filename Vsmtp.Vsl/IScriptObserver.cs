namespace Vsmtp.Vsl;

/// <summary>Is told what the conditions of a run saw, if its script was compiled to tell (<see cref="CompileOptions.IsObserved"/>).</summary>
public interface IScriptObserver
{
    /// <summary>In the order of evaluation, so a condition comes after the calls within it.</summary>
    void Saw(Observation observation);
}
